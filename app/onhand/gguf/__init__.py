"""What the header of a model file says, read with bounds by a child that may die."""
