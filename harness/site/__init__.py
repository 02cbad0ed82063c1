"""The static site for browsing the pairs: pure steps from data to pages, and a rim that writes."""
