"""Pages: one file per noun, and the generic ones they are made of."""
