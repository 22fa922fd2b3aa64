//! Cells, and how they are shown: a table for people, JSON lines for programs.

use crate::bars::Bar;
use crate::stats::Summary;
use std::fmt::Write;

/// Which direction is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Better {
    Higher,
    Lower,
}

/// A row of the table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) group: &'static str,
    pub(crate) name: String,
    pub(crate) unit: &'static str,
    pub(crate) better: Better,
    pub(crate) bars: Vec<Bar>,
}

/// What one implementation did in one row.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    pub(crate) row: Row,
    pub(crate) implementation: &'static str,
    pub(crate) summary: Summary,
}

/// The raw primitives: no competitor.
pub(crate) const LIMIT: &str = "limit";

/// The Rust core; our other columns begin so.
pub(crate) const OURS: &str = "tlscore";

/// The C API with callbacks.
pub(crate) const OURS_C: &str = "tlscore-c";

/// Distinct values in their order.
pub(crate) fn distinct<T: PartialEq>(values: impl Iterator<Item = T>) -> Vec<T> {
    values.fold(Vec::new(), |mut seen, value| {
        if !seen.contains(&value) {
            seen.push(value);
        }
        seen
    })
}

/// One table for each group: medians, the spread in percent, how many times better ours is than OpenSSL, than the
/// best peer, and what part of the limit it reaches; and which bars were met. What was missed is told again at the end.
pub(crate) fn table(cells: &[Cell]) -> String {
    let mut out = String::new();
    for group in distinct(cells.iter().map(|c| c.row.group)) {
        let here: Vec<&Cell> = cells.iter().filter(|c| c.row.group == group).collect();
        let columns = distinct(here.iter().map(|c| c.implementation));
        let rows = distinct(here.iter().map(|c| &c.row));
        let width = rows
            .iter()
            .map(|r| r.name.len() + r.unit.len() + 3)
            .max()
            .unwrap_or(0);
        let _ = write!(out, "\n{group:<width$}");
        for column in &columns {
            let _ = write!(out, " {column:>15}");
        }
        let _ = writeln!(
            out,
            " {:>9} {:>9} {:>9}  bars",
            "/ openssl", "/ best", "/ limit"
        );
        for row in rows {
            line(&mut out, row, cells, &columns, width);
            let _ = writeln!(out, "  {}", told(row, cells));
        }
    }
    out.push_str(&missed(cells));
    out
}

/// A row's bars, in a few words.
fn told(row: &Row, cells: &[Cell]) -> String {
    let (met, missed): (Vec<_>, Vec<_>) = row.verdicts(cells).into_iter().partition(|v| v.met);
    match (met.is_empty(), missed.is_empty()) {
        (true, true) => String::new(),
        (false, true) => "met".to_owned(),
        (_, false) => {
            let texts: Vec<_> = missed.iter().map(|v| &*v.text).collect();
            format!("MISSED: {}", texts.join(", "))
        }
    }
}

/// All that was missed.
fn missed(cells: &[Cell]) -> String {
    let rows = distinct(cells.iter().map(|c| &c.row));
    let judged = rows.iter().flat_map(|row| {
        let verdicts = row.verdicts(cells).into_iter();
        verdicts.map(move |v| (row, v))
    });
    let (met, missed): (Vec<_>, Vec<_>) = judged.partition(|(_, v)| v.met);
    let mut out = format!("\nbars: {} met, {} missed\n", met.len(), missed.len());
    for (row, verdict) in missed {
        let _ = writeln!(out, "  MISSED {}: {}", row.name, verdict.text);
    }
    out
}

fn line(out: &mut String, row: &Row, cells: &[Cell], columns: &[&str], width: usize) {
    let find = |name: &str| {
        cells
            .iter()
            .find(|c| c.row == *row && c.implementation == name)
    };
    let _ = write!(out, "{:<width$}", format!("{} [{}]", row.name, row.unit));
    for column in columns {
        let text = find(column).map_or("-".to_owned(), |c| {
            format!(
                "{} ±{:<2.0}",
                number(c.summary.median),
                c.summary.spread * 50.0
            )
        });
        let _ = write!(out, " {text:>15}");
    }
    let ours = find(OURS).map(|c| c.summary.median);
    let theirs = [
        find("openssl").map(|c| c.summary.median),
        row.best_peer(cells),
        find(LIMIT).map(|c| c.summary.median),
    ];
    for other in theirs {
        let text = match (ours, other) {
            (Some(ours), Some(other)) => format!("{:.2}", row.ratio(ours, other)),
            _ => "-".to_owned(),
        };
        let _ = write!(out, " {text:>9}");
    }
}

/// Three digits that count.
pub(crate) fn number(value: f64) -> String {
    match value.abs() {
        v if v >= 100.0 => format!("{value:.0}"),
        v if v >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// One object for each cell.
pub(crate) fn json(cells: &[Cell]) -> String {
    cells.iter().fold(String::new(), |mut out, cell| {
        let Cell { row, implementation, summary } = cell;
        let better = match row.better {
            Better::Higher => "higher",
            Better::Lower => "lower",
        };
        // No name here needs an escape.
        let _ = writeln!(
            out,
            r#"{{"row":"{}: {}","impl":"{implementation}","unit":"{}","median":{:.6},"spread":{:.6},"better":"{better}"}}"#,
            row.group, row.name, row.unit, summary.median, summary.spread,
        );
        out
    })
}
