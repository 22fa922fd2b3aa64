//! One SVG for each group: horizontal bars, relative to the best of each row.

use crate::report::{Better, Cell, LIMIT, distinct, number};
use plotters::prelude::*;
use std::error::Error;
use std::path::Path;

const COLOURS: [RGBColor; 8] = [
    RGBColor(20, 90, 160),
    RGBColor(90, 160, 220),
    RGBColor(190, 60, 50),
    RGBColor(230, 140, 40),
    RGBColor(110, 150, 60),
    RGBColor(140, 100, 170),
    RGBColor(120, 120, 120),
    RGBColor(200, 200, 200),
];

const WIDTH: u32 = 980;
const BAR: u32 = 14;
const LEFT: i32 = 330;

pub(crate) fn draw(cells: &[Cell], directory: &Path) -> Result<(), Box<dyn Error>> {
    std::fs::create_dir_all(directory)?;
    let names = distinct(cells.iter().map(|c| c.implementation));
    for group in distinct(cells.iter().map(|c| c.row.group)) {
        let here: Vec<&Cell> = cells.iter().filter(|c| c.row.group == group).collect();
        let path = directory.join(format!("{}.svg", group.replace(' ', "-").to_lowercase()));
        draw_group(group, &here, &names, &path)?;
    }
    Ok(())
}

fn draw_group(
    group: &str,
    cells: &[&Cell],
    names: &[&str],
    path: &Path,
) -> Result<(), Box<dyn Error>> {
    let rows = distinct(cells.iter().map(|c| &c.row));
    let height = 40 + rows.len() as u32 * 14 + cells.len() as u32 * BAR + 20;
    let area = SVGBackend::new(path, (WIDTH, height)).into_drawing_area();
    area.fill(&WHITE)?;
    let small = ("sans-serif", 11).into_font();
    area.draw(&Text::new(
        group.to_owned(),
        (10, 10),
        ("sans-serif", 16).into_font(),
    ))?;
    let mut y = 36;
    for row in rows {
        let here: Vec<&&Cell> = cells.iter().filter(|c| c.row == *row).collect();
        let most = here
            .iter()
            .map(|c| c.summary.median)
            .fold(f64::MIN_POSITIVE, f64::max);
        let better = match row.better {
            Better::Higher => "more is better",
            Better::Lower => "less is better",
        };
        let title = format!("{} [{}], {better}", row.name, row.unit);
        area.draw(&Text::new(title, (10, y), small.clone()))?;
        for cell in here {
            let place = names
                .iter()
                .position(|n| *n == cell.implementation)
                .unwrap_or_default();
            let colour = if cell.implementation == LIMIT {
                COLOURS[7]
            } else {
                COLOURS[place % 7]
            };
            let length = (cell.summary.median / most * f64::from(WIDTH as i32 - LEFT - 160)) as i32;
            let bar = [(LEFT, y + 2), (LEFT + length, y + BAR as i32 - 2)];
            area.draw(&Rectangle::new(bar, colour.filled()))?;
            let text = format!("{} {}", number(cell.summary.median), cell.implementation);
            area.draw(&Text::new(text, (LEFT + length + 6, y), small.clone()))?;
            y += BAR as i32;
        }
        y += 14;
    }
    area.present()?;
    Ok(())
}
