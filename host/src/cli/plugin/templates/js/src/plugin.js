// The plugin `{{name}}`: one tool, which has a document translated.
//
// What SparkQ asks of a plugin stands in wit/plugin.wit; what is exported at the end of this file are its interfaces.
// Documents (payloads, schemas, results) travel as JSON text.

const NAME = "{{name}}";

const LANGUAGES = {
  de: "German", en: "English", es: "Spanish", fr: "French", it: "Italian",
  ja: "Japanese", nl: "Dutch", pl: "Polish", pt: "Portuguese", zh: "Chinese",
};
const CODES = Object.keys(LANGUAGES);

const DESCRIPTION = `Translates a document of the project. \`source\` is the document, \`language\` a code such as \`de\`. \
The translation goes to \`target\`, beside the document when it is left out (\`docs/guide.md\` becomes \
\`docs/guide.de.md\`). What is listed in \`keep\` stays as it is, for example product names.`;

const GUIDE = `In the commands, \`$id\` holds the id of the claimed task.

1. Read \`source\` whole. One that is missing: fail.
2. Translate it into \`language\` and write it to \`target\`. Keep headings, links and code as they are, and every word of
   \`keep\`.
3. Look the file over once more. Then complete, naming the file and what you left open:

\`\`\`sh
sparkq complete "$id" --result '{"summary":"Translated the guide, 14 headings","target":"docs/guide.de.md","open":[]}'
\`\`\`

4. It cannot be done: say what is in the way.

\`\`\`sh
sparkq fail "$id" --error "docs/guide.md does not exist"
\`\`\``;

const path = (maxLength, description) => ({ type: "string", minLength: 1, maxLength, description });

/** What a payload may look like. SparkQ checks it itself, before the plugin sees a payload. */
const PAYLOAD = {
  type: "object",
  required: ["source", "language"],
  additionalProperties: false,
  properties: {
    source: path(4000, "The document to translate, relative to the project's folder"),
    language: { type: "string", description: `The language to translate into: ${CODES.join(", ")}` },
    target: path(4096, "Where the translation goes, relative to the project's folder"),
    keep: { type: "array", items: { type: "string" }, description: "Words that stay as they are" },
  },
};

/** What a result must look like. */
const RESULT = {
  type: "object",
  required: ["summary", "target", "open"],
  properties: {
    summary: { type: "string" },
    target: path(4096, "The file that was written"),
    open: { type: "array", items: { type: "string" }, description: "What is not translated yet" },
  },
};

const definition = {
  name: NAME,
  title: "Translate a document",
  description: DESCRIPTION,
  guide: GUIDE,
  taskClass: "LLM_HEAVY",
  timeoutSeconds: undefined, // that of the class
  payloadSchema: JSON.stringify(PAYLOAD),
  resultSchema: JSON.stringify(RESULT),
  template: JSON.stringify({ source: "", language: "", keep: [] }),
  examples: [
    { title: "Into German", payload: JSON.stringify({ source: "docs/guide.md", language: "de" }) },
    {
      title: "To a place of its own",
      payload: JSON.stringify({
        source: "README.md", language: "fr", target: "docs/fr/README.md", keep: ["SparkQ"],
      }),
    },
  ],
  hints: { idempotent: true },
  attrs: [],
};

/** One finding. `more` may hold `expected`, in words, and `suggestion`, a value that would be taken. */
function error(pointer, code, message, { expected, suggestion } = {}) {
  return {
    pointer, code, message, severity: "error", expected,
    suggestion: suggestion === undefined ? undefined : JSON.stringify(suggestion),
  };
}

/** The path without `.` and doubled `/`. */
function clean(path) {
  return path.split("/").filter((part) => part !== "" && part !== ".").join("/");
}

/** Says what is wrong with a path that is to name a file of the project, if anything is. */
function checkFile(pointer, path, found) {
  if (path.trim() === "") {
    found.push(error(pointer, "required", "must not be blank"));
    return false;
  }
  const parts = path.split("/");
  if (path.startsWith("/") || clean(path).startsWith("~") || parts.includes("..")) {
    const more = { expected: "a path inside the project, relative to its folder" };
    found.push(error(pointer, "conflict", "leads out of the project's folder", more));
    return false;
  }
  if (["", "."].includes(parts.at(-1))) {
    found.push(error(pointer, "conflict", "is a folder, and a file is needed"));
    return false;
  }
  return true;
}

/** `docs/guide.md` and `de` make `docs/guide.de.md`. */
function targetOf({ source, language }) {
  const [, stem, end] = /^(.*?)(\.[^./]*)?$/s.exec(clean(source));
  return `${stem}.${language}${end ?? ""}`;
}

/** Every finding about a payload at once, so that whoever sent it mends it in one go. */
function findings(payload) {
  const found = [];
  const { source, language, target, keep = [] } = payload;
  checkFile("/source", source, found);
  if (!CODES.includes(language)) {
    const given = language.toLowerCase().split(/[-_]/)[0];
    const meant = CODES.find((code) => given === code || given === LANGUAGES[code].toLowerCase());
    const more = { expected: `one of: ${CODES.join(", ")}`, suggestion: meant };
    found.push(error("/language", "enum", "is no language that this tool knows", more));
  }
  if (target !== undefined && checkFile("/target", target, found) && clean(target) === clean(source)) {
    const more = { suggestion: targetOf(payload) };
    found.push(error("/target", "conflict", "is the document itself, which would be lost", more));
  }
  keep.forEach((word, place) => {
    if (word.trim() === "") {
      found.push(error(`/keep/${place}`, "required", "must not be blank"));
    }
  });
  return found;
}

/** The payload as it is stored: nothing left out, clean paths, keys in order. */
function canonical(payload) {
  const { source, language, target = targetOf(payload), keep = [] } = payload;
  return { keep: [...new Set(keep)].sort(), language, source: clean(source), target: clean(target) };
}

/** What is wrong with the result of a worker. */
function judge(payload, result) {
  const found = [];
  if (result.target !== payload.target) {
    const more = { expected: payload.target, suggestion: payload.target };
    found.push(error("/target", "conflict", "is not the file that was asked for", more));
  }
  if (result.open?.length > 0) {
    found.push(error("/open", "conflict", "is not empty, so the work is not done"));
  }
  return found;
}

/** Not for bad payloads: for a call that cannot be answered at all. */
function refuseOthers(tool) {
  if (tool !== NAME) {
    throw { code: "unknown-tool", message: `there is no tool \`${tool}\` here` };
  }
}

export const about = {
  get: () => ({ version: "0.1.0", homepage: undefined, license: undefined, needs: [], attrs: [] }),
};

export const tools = {
  definitions: () => [definition],
};

export const payloads = {
  validate(tool, payload) {
    refuseOthers(tool);
    return findings(JSON.parse(payload));
  },
  normalize(tool, payload) {
    refuseOthers(tool);
    const stored = canonical(JSON.parse(payload));
    return {
      payload: JSON.stringify(stored),
      label: `${stored.source} into ${LANGUAGES[stored.language]}`,
      dedupeKey: stored.target, // two tasks that would write one file are one
      taskClass: undefined,
      timeoutSeconds: undefined,
      attrs: [],
    };
  },
};

export const results = {
  check(run) {
    refuseOthers(run.tool);
    const result = JSON.parse(run.reported);
    const issues = judge(JSON.parse(run.payload), result);
    return {
      verdict: issues.length > 0 ? "failed" : "succeeded",
      summary: issues.length > 0 ? `${issues[0].pointer} ${issues[0].message}` : String(result.summary),
      data: undefined, // keep what was handed in
      issues,
      attrs: [],
    };
  },
};
