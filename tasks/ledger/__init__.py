"""The only SQL: tables, and statements that act on sets of rows. Every function takes a connection and an instant."""
