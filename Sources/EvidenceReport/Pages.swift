internal import CEmbedded
internal import Embedded
public import EvidenceVault

/// The pages for people that go into a bundle.
public enum Pages {
  /// All pages of a planned bundle, those of its submission sheet among them. Pictures that are disclosed are read from
  /// the vault.
  ///
  /// - Throws: as `VaultReader.content`.
  public static func all(for plan: ExportPlan, with sheet: SubmissionSheet?, from reader: VaultReader)
    throws(VaultError) -> [BundlePage]
  {
    let page = ReportPage(plan, images: try ReportImages(of: plan, from: reader))
    return [
      BundlePage(path: "READ-ME-FIRST.txt", text: ReadMe(plan, hasSheet: sheet != nil).text),
      BundlePage(path: "REPORT.txt", text: TextReport(plan: plan).text),
      BundlePage(path: "REPORT.html", bytes: page.bytes),
      // It checks an open bundle in a browser. `tools/make-verify-page` makes it, the same for every bundle.
      BundlePage(path: "VERIFY.html", bytes: EmbeddedFile.VERIFY_html.bytes),
    ] + (sheet?.pages ?? [])
  }
}
