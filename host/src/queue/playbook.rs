//! What a worker reads before it begins.

use std::fmt::Write as _;

use sparkq_core::wire::Tool;

use crate::config::Project;

/// The playbook of a project with these tools, Markdown.
pub(crate) fn whole(project: &Project, tools: &[Tool]) -> String {
    let mut text = format!(
        "\
# Worker playbook: {}

You work through the tasks of one stream, one at a time. `sparkq tasks` shows what there is, and `sparkq COMMAND --help`
explains a command.

## The loop

1. `sparkq claim --stream STREAM` prints the oldest queued task as one JSON object, and nothing when there is none.
   The object holds the stream's instructions, the guide of the tool and the payload: read all three.
2. Carry the task out as the guide says, within the instructions and within `timeout` seconds.
3. `sparkq complete ID --summary \"what was done\"` hands in the result; `--stdout @FILE` and `--stderr @FILE` keep the
   output. When it could not be done: `sparkq fail ID --error \"what went wrong\"`.
4. Begin again at 1.

## The tools
",
        project.config.project.name
    );
    for tool in tools {
        let tool = &tool.definition;
        // Writing to a text does not fail.
        let _ = write!(
            text,
            "\n### {}\n\n{}\n\n{}\n",
            tool.name,
            tool.description.trim(),
            tool.guide.trim()
        );
    }
    text
}
