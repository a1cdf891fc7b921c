//! What people and workers read about the tool.

pub(crate) const DESCRIPTION: &str = "\
Translates a document of the project. `source` is the document, `language` a code such as `de`. The translation goes to \
`target`, beside the document when it is left out (`docs/guide.md` becomes `docs/guide.de.md`). What is listed in `keep` \
stays as it is, for example product names.";

pub(crate) const GUIDE: &str = r#"In the commands, `$id` holds the id of the claimed task.

1. Read `source` whole. One that is missing: fail.
2. Translate it into `language` and write it to `target`. Keep headings, links and code as they are, and every word of
   `keep`.
3. Look the file over once more. Then complete, naming the file and what you left open:

```sh
sparkq complete "$id" --result '{"summary":"Translated the guide, 14 headings","target":"docs/guide.de.md","open":[]}'
```

4. It cannot be done: say what is in the way.

```sh
sparkq fail "$id" --error "docs/guide.md does not exist"
```"#;
