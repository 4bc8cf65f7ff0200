"""House tests: rules of style and of the tree that no linter knows."""
