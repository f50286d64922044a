"""What is known of words: which say nothing, which mean the same, which were probably meant."""
