"""What the app listens to: translate, call once, translate back."""
