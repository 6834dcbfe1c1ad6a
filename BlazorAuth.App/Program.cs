using BlazorAuth.App.StandIns;

var builder = WebApplication.CreateBuilder(args);
builder.AddStandIns();

var app = builder.Build();
app.MapStandIns();
app.Run();
