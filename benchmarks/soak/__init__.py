"""A long broadcast with faults at random moments, and hours of simulated time: what grows, drifts or adds up."""
