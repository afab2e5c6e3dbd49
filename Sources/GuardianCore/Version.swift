/// The version in `guardian --version`, the API and the journal's opening entries.
public enum GuardianVersion {
    public static let current = "0.1.0"
}
