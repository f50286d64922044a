"""Do what the spider needs done: its job, its scheduler, what may be asked, how bodies arrive."""
