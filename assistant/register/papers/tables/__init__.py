"""Tables that the product proposes, a lead corrects, and the product reads back."""
