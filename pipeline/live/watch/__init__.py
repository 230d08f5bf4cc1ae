"""What a broadcast notices by itself: senses gather, sensors judge, alarms say it once."""
