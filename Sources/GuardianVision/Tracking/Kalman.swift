/// A two-state Kalman filter (value and speed) for a value that moves at a nearly constant speed, with the unknown
/// acceleration as process noise.
///
/// Source: Bar-Shalom, "Estimation with Applications to Tracking and Navigation", 2001, ch. 6.
struct Kalman: Sendable, Hashable {
    private(set) var value: Double
    private(set) var speed: Double
    // The symmetric covariance matrix: variance, cross, cross, speedVariance.
    private(set) var variance: Double
    private var cross: Double
    private var speedVariance: Double

    /// - Parameters:
    ///   - deviation: standard deviation of the first measurement, in the value's unit.
    ///   - speedDeviation: standard deviation of the unknown speed, in units per second.
    init(value: Double, deviation: Double, speedDeviation: Double) {
        self.value = value
        speed = 0
        variance = deviation * deviation
        cross = 0
        speedVariance = speedDeviation * speedDeviation
    }

    /// Predicts the state `seconds` ahead; `acceleration` is its standard deviation in units per second squared.
    mutating func predict(seconds: Double, acceleration: Double) {
        guard seconds > 0 else { return }
        let noise = acceleration * acceleration
        let secondsSquared = seconds * seconds
        value += speed * seconds
        variance += 2 * seconds * cross + secondsSquared * speedVariance + noise * secondsSquared * secondsSquared / 4
        cross += seconds * speedVariance + noise * secondsSquared * seconds / 2
        speedVariance += noise * secondsSquared
    }

    /// Corrects the state with a measurement and its standard deviation.
    mutating func correct(_ measured: Double, deviation: Double) {
        let total = variance + deviation * deviation
        guard total > 0 else { return }
        let gain = variance / total
        let speedGain = cross / total
        let innovation = measured - value
        value += gain * innovation
        speed += speedGain * innovation
        speedVariance -= speedGain * cross
        cross *= 1 - gain
        variance *= 1 - gain
    }

    /// Reduces the speed: an object that is out of sight for long rarely keeps its speed.
    mutating func slow(by factor: Double) {
        speed *= factor
    }
}
