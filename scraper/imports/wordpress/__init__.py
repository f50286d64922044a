"""Read what WordPress exports: its items, and the bodies that the editor or a page builder stored."""
