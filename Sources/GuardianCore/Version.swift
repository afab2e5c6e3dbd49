/// The version that `guardian --version`, the API and opening journal entries name.
public enum GuardianVersion {
    public static let current = "0.1.0"
}
