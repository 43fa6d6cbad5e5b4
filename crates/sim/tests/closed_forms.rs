//! The simulated station agrees with queueing theory, within the run's own confidence interval.
//!
//! Method: batch means. After a warm-up the run is cut into 30 batches of equal length, each longer
//! than the queue remembers (ten times, or at 99 % load two and a half); their means are then nearly
//! independent, and Student's t gives the 95 % confidence interval of their mean.
//! A single figure may lie outside its interval by chance, so each is held to twice the interval
//! (4 standard errors: by chance about once in two thousand), and all figures of a test together to
//! four in five inside it: below the 95 % promised, because the figures of one row move together.
//! Seeds are fixed, so the result is the same on every machine.

use core::time::Duration;

use clock::Instant;
use sim::{Arrivals, ClosedLoop, Distribution, Rng, StationConfig, StationRun, Step, Totals};

const BATCHES: usize = 30;
/// 97.5 % quantile of Student's t with 29 degrees of freedom.
const T_29: f64 = 2.045;

/// One figure: its name, the theory, the mean of the batches, and half the width of the interval.
struct Figure {
    name: String,
    theory: f64,
    mean: f64,
    half_width: f64,
}

impl Figure {
    fn new(name: String, theory: f64, batches: &[f64]) -> Self {
        let count = batches.len() as f64;
        let mean = batches.iter().sum::<f64>() / count;
        let squares: f64 = batches.iter().map(|x| (x - mean) * (x - mean)).sum();
        let half_width = T_29 * (squares / (count - 1.0) / count).sqrt();
        Self {
            name,
            theory,
            mean,
            half_width,
        }
    }

    /// Distance from theory, in half widths of the interval.
    fn off(&self) -> f64 {
        let distance = (self.mean - self.theory).abs();
        // An idle moment once in 10⁸ makes no interval; five times the load on a line of ten is that.
        if distance <= 1e-7 * self.theory.abs() {
            return 0.0;
        }
        distance / self.half_width
    }
}

/// Each figure within twice its interval, four in five within it, and no interval so wide that the
/// comparison would say nothing.
fn check(figures: &[Figure]) {
    let mut wrong = Vec::new();
    for figure in figures {
        let (name, theory) = (&figure.name, figure.theory);
        let (mean, half_width) = (figure.mean, figure.half_width);
        let said = format!("{name}: theory {theory:.6}, simulated {mean:.6} ± {half_width:.6}");
        println!("{said}, {:.2} intervals off", figure.off());
        if figure.off() > 2.0 {
            wrong.push(said);
        } else if half_width > 0.35 * theory + 0.001 {
            wrong.push(format!("{said} says nothing"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let inside = figures.iter().filter(|figure| figure.off() <= 1.0).count();
    assert!(
        inside * 5 >= figures.len() * 4,
        "only {inside} of {} figures lie within their 95 % interval",
        figures.len()
    );
}

/// Totals of each batch, and its share of waits above the threshold.
fn batches(mut run: StationRun, length: Duration, threshold: f64) -> Vec<(Totals, f64)> {
    let mut end = Instant::ZERO + 4 * length;
    run.run_until(end);
    let mut before = run.station().totals(end);
    (0..BATCHES)
        .map(|_| {
            end = end + length;
            let (mut departed, mut longer) = (0_u32, 0_u32);
            while run.next_at().is_some_and(|at| at <= end) {
                if let Some(Step::Departed(visit)) = run.step() {
                    departed += 1;
                    longer += u32::from(visit.wait().as_secs_f64() > threshold);
                }
            }
            let totals = run.station().totals(end);
            let batch = totals.since(&before);
            before = totals;
            (batch, f64::from(longer) / f64::from(departed.max(1)))
        })
        .collect()
}

fn service(name: &str, mean: f64) -> Distribution {
    match name {
        "D" => Distribution::Constant(mean),
        "M" => Distribution::Exponential { mean },
        "E2" => Distribution::Erlang { stages: 2, mean },
        "E4" => Distribution::Erlang { stages: 4, mean },
        "H2 cv2=4" => {
            // Balanced means: both kinds bring half of the load; the share follows from cv².
            let quick_share = 0.5 * (1.0 + (3.0_f64 / 5.0).sqrt());
            Distribution::Hyperexponential {
                quick_share,
                quick_mean: mean / (2.0 * quick_share),
                slow_mean: mean / (2.0 * (1.0 - quick_share)),
            }
        }
        "LN cv2=9" => Distribution::LogNormal {
            median: mean / 10.0_f64.sqrt(),
            sigma: libm::log(10.0).sqrt(),
        },
        "LN sigma=1" => Distribution::LogNormal {
            median: mean / libm::exp(0.5),
            sigma: 1.0,
        },
        other => panic!("unknown service {other}"),
    }
}

/// A row of queues.csv.
struct Row<'a> {
    /// Its line in the file, so that every row has chances of its own.
    seed: u64,
    model: &'a str,
    service: &'a str,
    lambda: f64,
    servers: u32,
    capacity: u32,
    numbers: Vec<Option<f64>>,
}

impl<'a> Row<'a> {
    fn parse(seed: u64, line: &'a str) -> Self {
        let fields: Vec<&str> = line.split(',').collect();
        let numbers: Vec<Option<f64>> = fields.iter().map(|field| field.parse().ok()).collect();
        let capacity: u32 = fields[5].parse().unwrap();
        Self {
            seed,
            model: fields[0],
            service: fields[1],
            lambda: numbers[2].unwrap(),
            servers: fields[4].parse().unwrap(),
            capacity: if capacity == 0 { u32::MAX } else { capacity },
            numbers,
        }
    }

    /// Arrivals in a batch: ten times what the queue remembers, ρ (1 + cv²)/2 / (1 − √ρ)² of them,
    /// and enough that about 50 of them wait even where waits are rare.
    fn batch_arrivals(&self, cv2: f64, load: f64) -> f64 {
        let memory = if self.capacity < u32::MAX {
            100.0
        } else {
            let distance = 1.0 - load.sqrt();
            load * (1.0 + cv2) / 2.0 / (distance * distance)
        };
        let for_rare_waits = 50.0 / self.numbers[6].unwrap_or(1.0);
        for_rare_waits.max(10.0 * memory).clamp(10_000.0, 100_000.0)
    }

    fn figures(&self) -> Vec<Figure> {
        let seed = self.seed;
        let service = service(self.service, self.numbers[3].unwrap());
        let load = self.lambda * service.mean() / f64::from(self.servers);
        let cv2 = service.variance() / (service.mean() * service.mean());
        let length = self.batch_arrivals(cv2, load) / self.lambda;
        let per_second = self.lambda;
        let arrivals = Arrivals::Poisson { per_second }.start(Rng::stream(seed, "arrivals"));
        let config = StationConfig {
            servers: self.servers,
            capacity: self.capacity,
        };
        let run = StationRun::open(config, arrivals, service, seed);
        let q90 = self.numbers[12].unwrap_or(0.0);
        let batches = batches(run, Duration::from_secs_f64(length), q90);
        let mut figures = Vec::new();
        let mut add = |what: &str, theory: Option<f64>, of: &dyn Fn(&Totals, f64) -> f64| {
            let Some(theory) = theory else { return };
            let values: Vec<f64> = batches
                .iter()
                .map(|(totals, tail)| of(totals, *tail))
                .collect();
            let name = format!("{} {} λ={} {what}", self.model, self.service, self.lambda);
            figures.push(Figure::new(name, theory, &values));
        };
        let servers = self.servers;
        add("p_wait", self.numbers[6], &|totals, _| {
            totals.waited_share()
        });
        add("mean wait", self.numbers[7], &|totals, _| {
            totals.mean_wait()
        });
        add("mean response", self.numbers[8], &|totals, _| {
            totals.mean_response()
        });
        add("mean in system", self.numbers[9], &|totals, _| {
            totals.mean_in_system()
        });
        add("utilisation", self.numbers[10], &|totals, _| {
            totals.utilisation(servers)
        });
        add("loss", self.numbers[11], &|totals, _| {
            totals.refused_share()
        });
        // A quantile of 0 says only that fewer wait at all; at 99 % load the run is too short for it.
        let beyond = (q90 > 0.0 && load < 0.96).then_some(0.1);
        add("waits above their 90 % quantile", beyond, &|_, tail| tail);
        figures
    }
}

/// Checks the rows of these models; `count` guards against reading none.
fn check_rows(is_meant: impl Fn(&str, u32) -> bool, count: usize) {
    let lines = include_str!("data/queues.csv").lines().skip(1);
    let rows: Vec<Row> = (1..)
        .zip(lines)
        .map(|(seed, line)| Row::parse(seed, line))
        .filter(|row| is_meant(row.model, row.servers))
        .collect();
    assert_eq!(rows.len(), count);
    let figures: Vec<Figure> = rows.iter().flat_map(Row::figures).collect();
    check(&figures);
}

#[test]
fn one_exponential_server_agrees_with_theory() {
    check_rows(|model, _| model == "M/M/1", 5);
}

/// M/M/c, leaving out M/M/1/K, whose name starts alike.
fn is_erlang_c(model: &str, servers: u32) -> bool {
    model == format!("M/M/{servers}")
}

#[test]
fn two_to_eight_exponential_servers_agree_with_erlang_c() {
    let is_meant = |model: &str, servers| is_erlang_c(model, servers) && (2..=8).contains(&servers);
    check_rows(is_meant, 12);
}

#[test]
fn ten_to_a_hundred_exponential_servers_agree_with_erlang_c() {
    check_rows(
        |model, servers| is_erlang_c(model, servers) && servers >= 10,
        16,
    );
}

#[test]
fn one_server_of_any_distribution_agrees_with_pollaczek_and_khinchine() {
    check_rows(|model, _| model == "M/G/1", 17);
}

#[test]
fn a_bounded_line_loses_what_theory_says() {
    check_rows(|model, _| model.starts_with("M/M/1/"), 12);
}

#[test]
fn closed_loop_clients_agree_with_mean_value_analysis() {
    let mut figures = Vec::new();
    for line in include_str!("data/closed.csv").lines().skip(1) {
        let row: Vec<f64> = line
            .split(',')
            .map(|field| field.parse().unwrap())
            .collect();
        let clients = ClosedLoop {
            clients: row[0] as u32,
            think: Distribution::Exponential { mean: row[2] },
        };
        let service = Distribution::Exponential { mean: row[1] };
        let run = StationRun::closed(StationConfig::unbounded(1), clients, service, 1);
        let batches = batches(run, Duration::from_secs(200), 0.0);
        let mut add = |what: &str, theory: f64, of: &dyn Fn(&Totals) -> f64| {
            let values: Vec<f64> = batches.iter().map(|(totals, _)| of(totals)).collect();
            figures.push(Figure::new(
                format!("{} clients {what}", row[0]),
                theory,
                &values,
            ));
        };
        add("throughput", row[3], &Totals::throughput);
        add("response", row[4], &Totals::mean_response);
        add("utilisation", row[5], &|totals| totals.utilisation(1));
    }
    assert_eq!(figures.len(), 9);
    check(&figures);
}
