"""How well questions in German, French and Spanish find their sentence, among English documents."""
