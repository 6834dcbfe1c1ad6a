using Microsoft.AspNetCore.Http;

namespace BlazorAuth.StandIns;

/// <summary>What was chosen on the picker; <see cref="Problem"/> says what is missing.</summary>
internal sealed record PickerChoice(StandInPerson? Person, StandInFault Fault, string? Problem)
{
    // Prefixed, so that the authorization request's own parameters can travel in the same form.
    public const string FieldPrefix = "stand_in_";
    public const string PersonField = FieldPrefix + "person";
    public const string FaultField = FieldPrefix + "fault";
    public const string NameField = FieldPrefix + "name";
    public const string EmailField = FieldPrefix + "email";
    public const string SomeoneElse = "someone-else";

    public static PickerChoice Read(IFormCollection form, StandInOptions options)
    {
        var fault = StandInFault.Find(form[FaultField].ToString());
        if (fault is null)
        {
            return new PickerChoice(null, StandInFault.None, "This failure is not known. Choose one below.");
        }

        if (fault == StandInFault.Denied)
        {
            return new PickerChoice(null, fault, null);
        }

        var id = form[PersonField].ToString();
        if (id == SomeoneElse)
        {
            var someone = StandInPerson.SomeoneElse(form[NameField].ToString(), form[EmailField].ToString());
            return new PickerChoice(someone, fault, someone is null ? "Someone else needs a name and an email address." : null);
        }

        var person = options.People.FirstOrDefault(person => person.Id == id);
        return new PickerChoice(person, fault, person is null ? "Choose one of the people below." : null);
    }
}
