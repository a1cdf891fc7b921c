//! From Markdown to a tree of plain data: what is drawn, before anything is drawn.
//!
//! The invariant: nothing that was written is lost. HTML, links that lead nowhere from here and what is too much come out
//! as text.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

/// How deep elements lie within each other at most; what is deeper is drawn where that ends.
const DEEPEST: usize = 24;

/// The most nodes that are drawn, so that a huge text does not freeze the page.
const MOST: usize = 10_000;

/// One thing to draw.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Node {
    /// Words.
    Text(String),
    /// A code span.
    Code(String),
    /// A code block, with the language that it names.
    Fence { language: String, text: String },
    /// A line break.
    Break,
    /// A rule across.
    Rule,
    /// The box of a task list.
    Box { ticked: bool },
    /// What is drawn as it was written.
    Raw(String),
    /// Something with something in it.
    Element(Kind, Vec<Node>),
}

/// What an element is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Paragraph,
    /// From 1, the largest, to 6.
    Heading(u8),
    Quote,
    Bullets,
    /// A list that counts, from this number.
    Numbers(u64),
    Item,
    Emphasis,
    Strong,
    Struck,
    /// A link to an address that is safe to follow.
    Link(String),
    /// What links to an address that cannot be followed from here.
    Named(String),
    Table,
    Head,
    Row,
    Cell,
}

/// Reads Markdown into the blocks that it consists of.
pub(super) fn read(text: &str) -> Vec<Node> {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut tree = Tree::default();
    for (event, place) in Parser::new_ext(text, options).into_offset_iter() {
        if tree.nodes >= MOST && tree.open.is_empty() {
            tree.add(Node::Raw(text[place.start..].to_owned()));
            return tree.top;
        }
        tree.take(event);
    }
    tree.top
}

/// A tree that grows at its end.
#[derive(Default)]
struct Tree {
    top: Vec<Node>,
    /// The elements that are still open, and what is in them by now.
    open: Vec<(Part, Vec<Node>)>,
    /// How many more are open that lie too deep to be elements.
    deeper: usize,
    nodes: usize,
}

/// What an open element becomes.
enum Part {
    Element(Kind),
    Fence(String),
    Raw,
}

impl Tree {
    fn take(&mut self, event: Event) {
        match event {
            Event::Start(_) if self.open.len() >= DEEPEST => self.deeper += 1,
            Event::Start(tag) => self.open.push((part_of(tag), Vec::new())),
            Event::End(_) => self.close(),
            Event::Code(text) => self.add(Node::Code(text.into_string())),
            Event::SoftBreak => self.write(" "),
            Event::HardBreak => self.add(Node::Break),
            Event::Rule => self.add(Node::Rule),
            Event::TaskListMarker(ticked) => self.add(Node::Box { ticked }),
            Event::Text(text)
            | Event::Html(text)
            | Event::InlineHtml(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text)
            | Event::FootnoteReference(text) => self.write(&text),
        }
    }

    fn close(&mut self) {
        if self.deeper > 0 {
            self.deeper -= 1;
            return;
        }
        let Some((part, inside)) = self.open.pop() else {
            return;
        };
        self.add(match part {
            Part::Element(kind) => Node::Element(kind, inside),
            Part::Fence(language) => Node::Fence {
                language,
                text: words(&inside),
            },
            Part::Raw => Node::Raw(words(&inside)),
        });
    }

    fn here(&mut self) -> &mut Vec<Node> {
        match self.open.last_mut() {
            Some((_, inside)) => inside,
            None => &mut self.top,
        }
    }

    fn add(&mut self, node: Node) {
        self.nodes += 1;
        self.here().push(node);
    }

    /// Adds words to those before them.
    fn write(&mut self, text: &str) {
        match self.here().last_mut() {
            Some(Node::Text(before)) => before.push_str(text),
            _ => self.add(Node::Text(text.to_owned())),
        }
    }
}

fn part_of(tag: Tag) -> Part {
    Part::Element(match tag {
        Tag::HtmlBlock | Tag::MetadataBlock(_) => return Part::Raw,
        Tag::CodeBlock(CodeBlockKind::Indented) => return Part::Fence(String::new()),
        Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
            return Part::Fence(info.split_whitespace().next().unwrap_or("").to_owned());
        }
        Tag::Heading { level, .. } => Kind::Heading(level as u8),
        Tag::BlockQuote(_) => Kind::Quote,
        Tag::List(None) => Kind::Bullets,
        Tag::List(Some(first)) => Kind::Numbers(first),
        Tag::Item => Kind::Item,
        Tag::Table(_) => Kind::Table,
        Tag::TableHead => Kind::Head,
        Tag::TableRow => Kind::Row,
        Tag::TableCell => Kind::Cell,
        Tag::Emphasis => Kind::Emphasis,
        Tag::Strong => Kind::Strong,
        Tag::Strikethrough => Kind::Struck,
        // Pictures lie elsewhere, where this page fetches nothing from.
        Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
            if is_safe(&dest_url) {
                Kind::Link(dest_url.into_string())
            } else {
                Kind::Named(dest_url.into_string())
            }
        }
        Tag::Paragraph
        | Tag::FootnoteDefinition(_)
        | Tag::DefinitionList
        | Tag::DefinitionListTitle
        | Tag::DefinitionListDefinition
        | Tag::Superscript
        | Tag::Subscript => Kind::Paragraph,
    })
}

/// Whether an address leads to the web, to a mailbox, or to a place of this page. A path that begins nowhere is one of a
/// repository, which this page does not serve.
fn is_safe(address: &str) -> bool {
    let starts = |with: &str| {
        let start = address.get(..with.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(with))
    };
    let is_plain = !address.contains(|letter: char| letter.is_control() || letter == '\\');
    is_plain
        && ["http://", "https://", "mailto:", "/"]
            .into_iter()
            .any(starts)
}

/// The words of each line, without what they look like.
pub(super) fn lines(nodes: &[Node]) -> Vec<String> {
    let mut lines = vec![String::new()];
    gather(nodes, &mut lines);
    let lines = lines.iter().map(|line| line.trim().to_owned());
    lines.filter(|line| !line.is_empty()).collect()
}

/// Adds words to the last of `lines`, and begins another where a block begins or ends.
fn gather(nodes: &[Node], lines: &mut Vec<String>) {
    for node in nodes {
        match node {
            Node::Element(kind, inside) if !kind.is_within_a_line() => {
                lines.push(String::new());
                gather(inside, lines);
                lines.push(String::new());
            }
            node => {
                if let Some(line) = lines.last_mut() {
                    line.push_str(&words(std::slice::from_ref(node)));
                }
            }
        }
    }
}

impl Kind {
    /// Whether it is a part of a line, and not a block.
    const fn is_within_a_line(&self) -> bool {
        matches!(
            self,
            Self::Emphasis | Self::Strong | Self::Struck | Self::Link(_) | Self::Named(_)
        )
    }
}

/// The words in `nodes`, without what they look like.
fn words(nodes: &[Node]) -> String {
    let word = |node: &Node| match node {
        Node::Text(text) | Node::Code(text) | Node::Raw(text) | Node::Fence { text, .. } => {
            text.clone()
        }
        Node::Break => "\n".to_owned(),
        Node::Rule | Node::Box { .. } => String::new(),
        Node::Element(_, inside) => words(inside),
    };
    nodes.iter().map(word).collect()
}

#[cfg(test)]
mod tests;
