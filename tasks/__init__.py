"""What touches the world: one effect each."""
