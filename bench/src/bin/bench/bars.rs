//! What a row has to reach: bars, told in the table beside the figure that they are about.

use crate::report::{Better, Cell, LIMIT, OURS, OURS_C, Row};

/// Ratios say how many times better than the other we have to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Bar {
    /// Than OpenSSL.
    OpenSsl(f64),
    /// Than the best peer.
    Best(f64),
    /// Than the raw primitives: a part of them.
    Limit(f64),
    /// The column of the C API than that of the Rust core.
    CApi(f64),
    /// In the row's own unit.
    AtMost(f64),
    AtLeast(f64),
    /// Than the row with this name in the same group.
    Row(&'static str, f64),
}

/// A bar beside what was measured.
pub(crate) struct Verdict {
    pub(crate) met: bool,
    /// Which bar, what was measured, what was asked for.
    pub(crate) text: String,
}

impl Bar {
    /// `None`: what it is about was not measured.
    pub(crate) fn judge(self, row: &Row, cells: &[Cell]) -> Option<Verdict> {
        let of = |row: &Row, name: &str| {
            let is = |c: &&Cell| c.row == *row && c.implementation == name;
            cells.iter().find(is).map(|c| c.summary.median)
        };
        let ours = of(row, OURS)?;
        let ratio = |name, other: Option<f64>, least| {
            other.map(|other| (name, row.ratio(ours, other), least))
        };
        let (name, measured, least) = match self {
            Self::OpenSsl(least) => ratio("openssl", of(row, "openssl"), least)?,
            Self::Best(least) => ratio("best peer", row.best_peer(cells), least)?,
            Self::Limit(least) => ratio("limit", of(row, LIMIT), least)?,
            Self::CApi(least) => ("C API", row.ratio(of(row, OURS_C)?, ours), least),
            Self::Row(name, least) => {
                let same = |c: &&Cell| c.row.group == row.group && c.row.name == name;
                let base = &cells.iter().find(same)?.row;
                ratio(name, of(base, OURS), least)?
            }
            Self::AtMost(most) => {
                let text = format!("{ours:.0} of at most {most:.0}");
                return Some(Verdict {
                    met: ours <= most,
                    text,
                });
            }
            Self::AtLeast(least) => ("it", ours, least),
        };
        let text = format!("{name} {measured:.2} of {least:.2}");
        Some(Verdict {
            met: measured >= least,
            text,
        })
    }
}

impl Row {
    /// How many times better `a` is than `b`.
    pub(crate) fn ratio(&self, a: f64, b: f64) -> f64 {
        match self.better {
            Better::Higher => a / b,
            Better::Lower => b / a,
        }
    }

    /// The best median that is neither ours nor the limit.
    pub(crate) fn best_peer(&self, cells: &[Cell]) -> Option<f64> {
        let peers = cells.iter().filter(|c| {
            c.row == *self && !c.implementation.starts_with(OURS) && c.implementation != LIMIT
        });
        peers
            .map(|c| c.summary.median)
            .reduce(|a, b| if self.ratio(a, b) > 1.0 { a } else { b })
    }

    /// What of its bars could be judged.
    pub(crate) fn verdicts(&self, cells: &[Cell]) -> Vec<Verdict> {
        self.bars
            .iter()
            .filter_map(|bar| bar.judge(self, cells))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Summary;

    fn cells(better: Better, medians: &[(&'static str, f64)]) -> (Row, Vec<Cell>) {
        let row = Row {
            group: "g",
            name: "n".to_owned(),
            unit: "",
            better,
            bars: vec![],
        };
        let cell = |(implementation, median): &(&'static str, f64)| Cell {
            row: row.clone(),
            implementation,
            summary: Summary {
                median: *median,
                spread: 0.0,
            },
        };
        let cells = medians.iter().map(cell).collect();
        (row, cells)
    }

    #[test]
    fn bars_are_about_the_right_columns() {
        let columns = [
            ("tlscore", 6.0),
            ("tlscore-c", 6.6),
            ("openssl", 30.0),
            ("rustls", 9.0),
            (LIMIT, 3.0),
        ];
        let (row, cells) = cells(Better::Lower, &columns);
        let met = |bar: Bar| bar.judge(&row, &cells).expect("measured").met;
        assert!(met(Bar::OpenSsl(5.0)) && !met(Bar::OpenSsl(5.1)));
        assert!(met(Bar::Best(1.5)) && !met(Bar::Best(1.6)));
        assert!(met(Bar::Limit(0.5)) && !met(Bar::Limit(0.6)));
        assert!(met(Bar::CApi(0.9)) && !met(Bar::CApi(0.97)));
        assert!(met(Bar::AtMost(6.0)) && !met(Bar::AtMost(5.0)));
        assert!(met(Bar::Row("n", 1.0)));
        assert!(Bar::Row("another", 1.0).judge(&row, &cells).is_none());
    }
}
