"""What is true: values and rules of contact management, without any I/O."""
