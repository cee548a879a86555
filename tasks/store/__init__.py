"""The database: values in, values out."""
