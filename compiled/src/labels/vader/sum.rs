//! Python's `sum` of floats.

/// Adds one by one; from Python 3.12 on with what each addition loses kept beside (Neumaier).
pub struct Sum {
    total: f64,
    lost: f64,
    compensated: bool,
}

impl Sum {
    pub fn new(compensated: bool) -> Sum {
        Sum { total: 0.0, lost: 0.0, compensated }
    }

    pub fn add(&mut self, number: f64) {
        let total = self.total + number;
        if self.compensated {
            self.lost += if self.total.abs() >= number.abs() {
                (self.total - total) + number
            } else {
                (number - total) + self.total
            };
        }
        self.total = total;
    }

    pub fn total(&self) -> f64 {
        self.total + self.lost
    }
}
