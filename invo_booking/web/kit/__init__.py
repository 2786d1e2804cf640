"""Parts that several pages share: icons, fields, frames, texts and times."""
