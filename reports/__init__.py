"""What leaders read: values in, pages out."""
