//! What is made of the samples.

/// Samples of one cell.
#[derive(Clone, Debug)]
pub(crate) struct Summary {
    pub(crate) median: f64,
    /// The distance of the quartiles, as a part of the median.
    pub(crate) spread: f64,
}

impl Summary {
    pub(crate) fn of(samples: &[f64]) -> Self {
        let mut sorted = samples.to_vec();
        sorted.sort_by(f64::total_cmp);
        let at = |part: f64| {
            let place = part * (sorted.len() - 1) as f64;
            let (low, high) = (
                sorted[place.floor() as usize],
                sorted[place.ceil() as usize],
            );
            low + (high - low) * place.fract()
        };
        let median = at(0.5);
        let spread = if median == 0.0 {
            0.0
        } else {
            (at(0.75) - at(0.25)) / median
        };
        Self { median, spread }
    }
}

#[cfg(test)]
mod tests {
    use super::Summary;

    #[test]
    fn medians_and_spreads() {
        let s = Summary::of(&[4.0, 1.0, 3.0, 2.0, 5.0]);
        assert_eq!((s.median, s.spread), (3.0, 2.0 / 3.0));
        let s = Summary::of(&[2.0, 4.0]);
        assert_eq!(s.median, 3.0);
        assert_eq!(Summary::of(&[0.0, 0.0]).spread, 0.0);
    }
}
