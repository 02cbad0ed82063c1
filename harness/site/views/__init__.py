"""What templates show, worked out: plain values made from data and words. Pure."""
