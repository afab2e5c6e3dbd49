"""Who may do what: routes × people × identifiers, at an edge and at a node."""
