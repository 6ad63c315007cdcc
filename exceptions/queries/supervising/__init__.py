"""What who leads the desk asks: who has how much, what grows old, what comes again and again, and how fast it ends."""
