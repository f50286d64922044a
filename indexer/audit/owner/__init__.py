"""Learn whose blog it is: names, numbers, streets, and what they were before."""
