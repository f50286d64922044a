"""What posts lack, and posts to look after."""
