"""The desk: what Kontaktwerk serves to employees over HTTP, so far their calendar feeds."""
