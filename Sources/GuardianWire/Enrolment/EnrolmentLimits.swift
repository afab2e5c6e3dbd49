/// Limits of enrolment, which both sides apply.
public enum EnrolmentLimits {
    /// Bytes of a request or answer.
    public static let message = 65_536
    /// Bytes of a certificate request: one of a P-256 key has some 250.
    public static let request = 4_096
    /// Bytes of the name that an edge gives itself.
    public static let name = 64
    /// Where a node answers enrolment unless it is configured.
    public static let port = 9444
}
