"""How the command line shows things; what people wrote is never taken for markup."""
