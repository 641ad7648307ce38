// An app that does nothing: the least that a start can take, against which DevHost's is held.
var app = WebApplication.CreateSlimBuilder(args).Build();
app.MapGet("/", () => "ready");
await app.RunAsync();
