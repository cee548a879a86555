"""Lists of records: filtered, searched, sorted, page by page."""
