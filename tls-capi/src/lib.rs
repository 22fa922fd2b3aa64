//! Part of tlscore.
