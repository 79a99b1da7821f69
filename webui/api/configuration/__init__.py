"""What administrators configure. Every change is in force for the next call."""
