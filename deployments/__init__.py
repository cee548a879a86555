"""What runs when and where: schedule, runner, command line, demo."""
