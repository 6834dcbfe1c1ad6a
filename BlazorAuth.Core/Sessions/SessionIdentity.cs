using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;
using BlazorAuth.Tokens;

namespace BlazorAuth.Sessions;

/// <summary>The identity of a signed-in person. It carries its session, so that a component needs no look-up.</summary>
internal sealed class SessionIdentity : ClaimsIdentity
{
    public const string Scheme = "BlazorAuth";

    private readonly IdentityShape _shape;

    public SessionIdentity(SessionTicket ticket, IdentityShape? shape = null)
        : base((shape ?? IdentityShape.Ours).Type, (shape ?? IdentityShape.Ours).Name, (shape ?? IdentityShape.Ours).Role)
    {
        _shape = shape ?? IdentityShape.Ours;
        Ticket = ticket;
        Add(AuthClaims.Subject, ticket.UserId);
        Add(ClaimTypes.NameIdentifier, ticket.UserId);
        if (_shape.Id is not (AuthClaims.Subject or ClaimTypes.NameIdentifier))
        {
            Add(_shape.Id, ticket.UserId);
        }

        Add(AuthClaims.Provider, ticket.Provider);
        Add(AuthClaims.SessionId, ticket.Id);
        foreach (var (name, value) in ticket.Claims)
        {
            AddValue(name, value);
        }
    }

    private SessionIdentity(SessionIdentity other)
        : base(other)
    {
        Ticket = other.Ticket;
        CheckedAt = other.CheckedAt;
        _shape = other._shape;
    }

    public SessionTicket Ticket { get; }

    /// <summary>When a request found that the session lives; null where none did.</summary>
    public DateTimeOffset? CheckedAt { get; init; }

    public Session Session => Ticket.Session;

    public static SessionIdentity? Of(ClaimsPrincipal? principal) => principal?.Identities.OfType<SessionIdentity>().FirstOrDefault();

    public override ClaimsIdentity Clone() => new SessionIdentity(this);

    private void AddValue(string name, JsonNode? value)
    {
        switch (value)
        {
            case null:
                break;
            case JsonArray list:
                foreach (var item in list.OfType<JsonValue>())
                {
                    AddValue(name, item);
                }

                break;
            case JsonValue single when single.GetValueKind() == JsonValueKind.String:
                Add(TypeOf(name), single.GetValue<string>());
                break;
            default:
                AddClaim(new Claim(TypeOf(name), value.ToJsonString(), ValueTypeOf(value), Scheme));
                break;
        }
    }

    private static string ValueTypeOf(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.True or JsonValueKind.False => ClaimValueTypes.Boolean,
        JsonValueKind.Number => ClaimValueTypes.Double,
        _ => "JSON",
    };

    private string TypeOf(string name) => name switch
    {
        AuthClaims.Name => _shape.Name,
        AuthClaims.Email => _shape.Email,
        AuthClaims.Roles => _shape.Role,
        _ => name,
    };

    private void Add(string type, string value) => AddClaim(new Claim(type, value, ClaimValueTypes.String, Scheme));
}
