namespace BlazorAuth.Tests.Chromium;

/// <summary>All that the tour of one language saw.</summary>
/// <param name="States">Every state, in order.</param>
/// <param name="Complaints">What the browser's console complained of.</param>
/// <param name="Asked">Every server that the browser asked for something.</param>
/// <param name="Address">Where the app is.</param>
internal sealed record TourSeen(IReadOnlyList<StateSeen> States, IReadOnlyCollection<string> Complaints, IReadOnlyList<string> Asked, Uri Address);

/// <summary>A state, and what it looked like in each of the ways it was looked at.</summary>
internal sealed record StateSeen(string Name, DocumentSeen Document, IReadOnlyList<ViewSeen> Views);

/// <summary>What a page is right after it was loaded.</summary>
/// <param name="Title">The title.</param>
/// <param name="Headings">How many headings of the first level there are.</param>
/// <param name="Mains">How many main regions there are.</param>
/// <param name="CardLeft">Where the card begins.</param>
/// <param name="CardWidth">How wide the card is.</param>
/// <param name="Motion">How many seconds the longest transition takes.</param>
/// <param name="Shifts">What moved while the page loaded.</param>
internal sealed record DocumentSeen(string Title, int Headings, int Mains, double CardLeft, double CardWidth, double Motion, string[] Shifts);

/// <summary>One way to look at a page.</summary>
/// <param name="Scheme">The colour scheme that the device asks for.</param>
/// <param name="Zoom">How many pixels of the screen a pixel of the page takes.</param>
/// <param name="Problems">What axe found with everything unfolded; null where it did not look.</param>
/// <param name="Edges">What is at the edges of the window.</param>
internal sealed record ViewSeen(string Scheme, int Zoom, string[]? Problems, EdgesSeen Edges);

/// <summary>How a page fits into its window.</summary>
/// <param name="Width">The width of the window.</param>
/// <param name="Fits">Whether nothing is scrolled sideways.</param>
/// <param name="Cut">What is cut off or sticks out.</param>
internal sealed record EdgesSeen(int Width, bool Fits, string[] Cut);
