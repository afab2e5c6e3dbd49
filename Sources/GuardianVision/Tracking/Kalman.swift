/// A value that moves at a nearly constant speed, seen through noise: the two-state filter of every tracking textbook
/// (Bar-Shalom, "Estimation with Applications to Tracking and Navigation", 2001, ch. 6), with the unknown acceleration
/// as its process noise.
struct Kalman: Sendable, Hashable {
    private(set) var value: Double
    private(set) var speed: Double
    // The covariance, symmetric.
    private(set) var variance: Double
    private var cross: Double
    private var speedVariance: Double

    /// - Parameters:
    ///   - deviation: of the first measurement, in the value's unit.
    ///   - speedDeviation: how fast it may be moving, in units a second.
    init(value: Double, deviation: Double, speedDeviation: Double) {
        self.value = value
        speed = 0
        variance = deviation * deviation
        cross = 0
        speedVariance = speedDeviation * speedDeviation
    }

    /// Moves on by `seconds`; `acceleration` is its deviation in units a second squared.
    mutating func predict(seconds: Double, acceleration: Double) {
        guard seconds > 0 else { return }
        let noise = acceleration * acceleration
        let square = seconds * seconds
        value += speed * seconds
        variance += 2 * seconds * cross + square * speedVariance + noise * square * square / 4
        cross += seconds * speedVariance + noise * square * seconds / 2
        speedVariance += noise * square
    }

    /// Takes in a measurement with its deviation.
    mutating func correct(_ measured: Double, deviation: Double) {
        let total = variance + deviation * deviation
        guard total > 0 else { return }
        let gain = variance / total
        let speedGain = cross / total
        let surprise = measured - value
        value += gain * surprise
        speed += speedGain * surprise
        speedVariance -= speedGain * cross
        cross *= 1 - gain
        variance *= 1 - gain
    }

    /// Loses part of its speed: what is out of sight for long rarely goes on as it did.
    mutating func slow(by factor: Double) {
        speed *= factor
    }
}
