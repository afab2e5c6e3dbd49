/// Limits of what the archive's messages hold. A sender sends no more; a receiver refuses more, except that texts for people
/// and lists of them are shortened.
public enum ArchiveLimits {
    /// Parts of one clip: their numbers have four digits.
    public static let parts = 10_000
    /// Events that one clip shows, and clips that show one event.
    public static let shown = 1_000
    /// Recipients of one part.
    public static let keys = 64
    /// Cameras of one report.
    public static let cameras = 1_000
    /// Problems, and notes, of one report.
    public static let sentences = 20
    /// Bytes of a text for people.
    public static let text = 1_000
    /// Bytes of a content type; a longer one is left out.
    public static let contentType = 100
    /// Bytes of the name of a bucket (Amazon S3, "General purpose bucket naming rules").
    public static let bucket = 63
    /// Bytes of the key of an object (Amazon S3, "Naming Amazon S3 objects").
    public static let objectKey = 1_024
    /// Bytes of a signed checkpoint.
    public static let checkpoint = 144
    /// Bytes of a cursor.
    public static let cursor = 256
    /// Messages in an answer, of all levels together: a clip with all its parts and their checkpoints, and some more.
    public static let messages = 24_000
    /// Bytes of the items of a page, of which the last one may exceed it.
    public static let page = 2_097_152
}
