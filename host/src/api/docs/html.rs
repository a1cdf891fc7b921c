//! Markdown as the reference has it, as a page: headings, paragraphs, lists, tables and fences, and in a line `code`,
//! **bold** and links within the page.

use std::fmt::Write as _;
use std::iter::Peekable;
use std::str::Lines;

use super::spell::anchor;

/// The page that shows `markdown`.
pub(super) fn page(markdown: &str) -> String {
    let mut html = concat!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
        "<title>SparkQ: the HTTP API</title>\n<link rel=\"stylesheet\" href=\"/api/docs.css\">\n",
        "</head>\n<body>\n<main>\n"
    )
    .to_owned();
    let mut lines = markdown.lines().peekable();
    while let Some(line) = lines.next() {
        html += &block(line, &mut lines);
    }
    html + "</main>\n</body>\n</html>\n"
}

/// The block that begins with `line`; takes the lines that belong to it.
fn block(line: &str, rest: &mut Peekable<Lines>) -> String {
    if line.is_empty() {
        return String::new();
    }
    if line.starts_with("```") {
        let code: Vec<_> = rest
            .by_ref()
            .take_while(|line| *line != "```")
            .map(escape)
            .collect();
        return format!(
            "<pre tabindex=\"0\"><code>{}</code></pre>\n",
            code.join("\n")
        );
    }
    let level = line.bytes().take_while(|byte| *byte == b'#').count();
    if level > 0 {
        let title = line[level..].trim();
        return format!(
            "<h{level} id=\"{}\">{}</h{level}>\n",
            anchor(title),
            inline(title)
        );
    }
    if line.starts_with("| ") {
        return table(line, rest);
    }
    let list = line.starts_with("- ");
    let mut text = line.to_owned();
    while let Some(next) =
        rest.next_if(|next| !next.is_empty() && (list || !next.starts_with("- ")))
    {
        text = format!("{text}\n{next}");
    }
    if !list {
        return format!("<p>{}</p>\n", inline(&text));
    }
    let items = text[2..]
        .split("\n- ")
        .map(|item| format!("<li>{}</li>\n", inline(item)));
    format!("<ul>\n{}</ul>\n", items.collect::<String>())
}

fn table(head: &str, rest: &mut Peekable<Lines>) -> String {
    let row = |line: &str, tag: &str| {
        let line = line.replace(r"\|", "\0");
        let cells = line.trim_matches('|').split('|');
        let cells =
            cells.map(|cell| format!("<{tag}>{}</{tag}>", inline(&cell.trim().replace('\0', "|"))));
        format!("<tr>{}</tr>\n", cells.collect::<String>())
    };
    let mut html = format!(
        "<div class=\"wide\">\n<table>\n<thead>\n{}</thead>\n<tbody>\n",
        row(head, "th")
    );
    while let Some(line) = rest.next_if(|line| line.starts_with('|')) {
        if !line.starts_with("|---") {
            html += &row(line, "td");
        }
    }
    html + "</tbody>\n</table>\n</div>\n"
}

/// One run of text: what stands between backticks is code, and nothing in it means anything else.
fn inline(text: &str) -> String {
    let mut html = String::new();
    for (at, part) in escape(text).split('`').enumerate() {
        if at % 2 == 1 {
            let _ = write!(html, "<code>{part}</code>");
        } else {
            html += part;
        }
    }
    links(&bold(&html))
}

fn bold(html: &str) -> String {
    let parts: Vec<_> = html.split("**").collect();
    if parts.len() % 2 == 0 {
        return html.to_owned();
    }
    let mark = |(at, part): (usize, &&str)| match at % 2 {
        1 => format!("<strong>{part}</strong>"),
        _ => (*part).to_owned(),
    };
    parts.iter().enumerate().map(mark).collect()
}

/// Turns `[text](#anchor)` into a link; any other bracket stays what it is.
fn links(html: &str) -> String {
    let Some((before, rest)) = html.split_once('[') else {
        return html.to_owned();
    };
    let link = rest.split_once("](#").and_then(|(text, rest)| {
        let (target, after) = rest.split_once(')')?;
        (!text.contains(['[', ']'])).then_some((text, target, after))
    });
    match link {
        Some((text, target, after)) => {
            format!("{before}<a href=\"#{target}\">{text}</a>{}", links(after))
        }
        None => format!("{before}[{}", links(rest)),
    }
}

/// Makes `text` nothing but text in a page.
pub(in crate::api) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_description_says_can_never_be_markup() {
        let html =
            page("a <script> & `<b>` \"q\"\n\n| `a\\|b` |\n|---|\n| <i> |\n\n```sh\n<x>\n```\n");
        assert!(
            html.contains("<p>a &lt;script&gt; &amp; <code>&lt;b&gt;</code> &quot;q&quot;</p>"),
            "{html}"
        );
        assert!(
            html.contains("<th><code>a|b</code></th>") && html.contains("<td>&lt;i&gt;</td>"),
            "{html}"
        );
        assert!(html.contains("<code>&lt;x&gt;</code>"), "{html}");
    }

    #[test]
    fn headings_have_the_anchors_that_links_name() {
        let html = page("## A b\n\n- one\n  more\n- [`GET /x`](#get-x) **two** [a]\n");
        assert!(html.contains("<h2 id=\"a-b\">A b</h2>"), "{html}");
        assert!(html.contains("<li>one\n  more</li>\n<li><a href=\"#get-x\"><code>GET /x</code></a> <strong>two</strong> [a]</li>"), "{html}");
    }
}
