use proptest::prelude::*;

use super::*;

fn text(text: &str) -> Node {
    Node::Text(text.to_owned())
}

fn element(kind: Kind, inside: impl Into<Vec<Node>>) -> Node {
    Node::Element(kind, inside.into())
}

fn paragraph(inside: impl Into<Vec<Node>>) -> Vec<Node> {
    vec![element(Kind::Paragraph, inside)]
}

#[test]
fn emphasis_lies_within_emphasis() {
    let strong = element(Kind::Strong, [text("very "), Node::Code("much".to_owned())]);
    let emphasis = element(Kind::Emphasis, [text("this "), strong]);
    assert_eq!(read("*this **very `much`***"), paragraph([emphasis]));
}

#[test]
fn what_is_never_closed_is_text_or_ends_with_the_document() {
    assert_eq!(read("**open"), paragraph([text("**open")]));
    assert_eq!(
        read("[a](b"),
        paragraph([text("[a](b")]),
        "no link without an end"
    );
    let fence = Node::Fence {
        language: "sh".to_owned(),
        text: "echo hi\n".to_owned(),
    };
    assert_eq!(read("```sh\necho hi\n"), [fence]);
}

#[test]
fn a_link_is_followed_to_the_web_to_a_mailbox_or_within_this_page_alone() {
    for address in [
        "https://example.org/a?b#c",
        "HTTP://example.org",
        "mailto:a@example.org",
        "/tasks/tsk_1",
    ] {
        let link = element(Kind::Link(address.to_owned()), [text("a")]);
        assert_eq!(read(&format!("[a](<{address}>)")), paragraph([link]));
    }
    for address in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "/\\evil.example",
        "docs/plan.md",
        "#part",
        "",
    ] {
        let nodes = read(&format!("[a](<{address}>)"));
        let is_link = format!("{nodes:?}").contains("Link(");
        assert!(!is_link, "{address:?}: {nodes:?}");
    }
}

#[test]
fn an_address_that_an_entity_hides_is_looked_at_as_the_browser_would_see_it() {
    let nodes = read("[a](java&#115;cript:alert&#40;1&#41;)");
    let named = element(Kind::Named("javascript:alert(1)".to_owned()), [text("a")]);
    assert_eq!(nodes, paragraph([named]));
}

#[test]
fn html_is_text() {
    assert_eq!(
        read("a <b onclick=x>b</b>"),
        paragraph([text("a <b onclick=x>b</b>")])
    );
    let script = "<script>\nalert(1)\n</script>\n";
    assert_eq!(read(script), [Node::Raw(script.to_owned())]);
}

#[test]
fn lists_nest_and_keep_their_boxes() {
    let inner = element(
        Kind::Bullets,
        [element(
            Kind::Item,
            [Node::Box { ticked: true }, text("done")],
        )],
    );
    let outer = element(Kind::Item, [text("first"), inner]);
    assert_eq!(
        read("3. first\n   - [x] done\n"),
        [element(Kind::Numbers(3), [outer])]
    );
}

#[test]
fn each_block_has_a_line_of_words() {
    let nodes = read("# Fix *it*\n\n1. now\n   - [soon](https://a.b)\n   - `x`\n\n> please\n");
    assert_eq!(lines(&nodes), ["Fix it", "now", "soon", "x", "please"]);
}

#[test]
fn a_table_has_a_head_and_rows() {
    let cell = |word| element(Kind::Cell, [text(word)]);
    let head = element(Kind::Head, [cell("a"), cell("b")]);
    let row = element(Kind::Row, [cell("1"), cell("2")]);
    assert_eq!(
        read("|a|b|\n|-|-|\n|1|2|\n"),
        [element(Kind::Table, [head, row])]
    );
}

#[test]
fn what_lies_too_deep_is_drawn_flat_and_none_of_its_words_is_lost() {
    fn depth(node: &Node) -> usize {
        match node {
            Node::Element(_, inside) => 1 + inside.iter().map(depth).max().unwrap_or(0),
            _ => 0,
        }
    }
    let nodes = read(&format!("{} deep", ">".repeat(5000)));
    assert!(nodes.iter().map(depth).max() <= Some(DEEPEST));
    assert_eq!(words(&nodes), "deep");
}

#[test]
fn what_is_too_much_is_shown_as_it_was_written() {
    let nodes = read(&"*a*\n\n".repeat(MOST));
    assert!(nodes.len() < MOST);
    assert!(matches!(nodes.last(), Some(Node::Raw(rest)) if rest.ends_with("*a*\n\n")));
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        read(&text);
    }

    #[test]
    fn no_mix_of_marks_makes_it_panic(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "*", "**", "_", "`", "```", "~~", "[", "](", ")", "<", ">", "> ", "- ", "1. ", "|", "-|-", "\n", "\n\n",
                "  ", "\t", "#", "![", "&#115;", "é", "[x] ", "a",
            ]),
            0..80,
        )
    ) {
        read(&parts.concat());
    }
}
