"""Lists written to files: CSV, XLSX and iCalendar, a line at a time (L7)."""
